"""The one error of this package."""


class Problem(Exception):
    """Something that a person can mend; the message is one or more whole lines."""
