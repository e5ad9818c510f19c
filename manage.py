#!/usr/bin/env python
"""The door for commands: `make manage ARGS="..."` runs it with the servers up."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
