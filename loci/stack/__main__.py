"""The door: `python -m loci.stack run | exec | browser | clean`."""

import argparse
import os
import sys

from loci.stack import browser, commands, locks, supervisor
from loci.stack.console import Console
from loci.stack.interruptions import Interruptions
from loci.stack.problems import Problem


def main() -> int:
    chosen = _parser().parse_args()
    Interruptions().listen()
    console = Console(sys.stderr if chosen.what == "exec" else sys.stdout)
    try:
        return _do(chosen, console)
    except KeyboardInterrupt:
        return 130
    except locks.Busy:
        console.say("another process holds the servers of this folder: end it first")
    except Problem as problem:
        console.say(str(problem))
    except OSError as error:
        console.say(f"the machine refuses: {error}")
    return 1


def _do(chosen: argparse.Namespace, console: Console) -> int:
    if chosen.what == "browser":
        return browser.ensure_browser(os.environ, console)
    if chosen.what == "clean":
        return commands.clean(os.environ, console)
    if chosen.what == "run":
        if chosen.end_with_parent:
            supervisor.end_with_parent()
        return supervisor.run(os.environ, console)
    if chosen.throwaway:
        return commands.run_command_with_throwaway_servers(
            chosen.command, os.environ, console
        )
    return commands.run_command(chosen.command, os.environ, console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loci.stack")
    doors = parser.add_subparsers(dest="what", required=True)
    run = doors.add_parser("run", help="the whole product, in the foreground")
    run.add_argument("--end-with-parent", action="store_true")
    once = doors.add_parser("exec", help="one command with the servers up")
    once.add_argument("--throwaway", action="store_true")
    once.add_argument("command", nargs="+", metavar="-- COMMAND")
    doors.add_parser("browser", help="make sure that browser tests have a browser")
    doors.add_parser("clean", help="remove the state folder, after asking")
    return parser


if __name__ == "__main__":
    sys.exit(main())
