"""Addresses of the web that people have typed."""

from django import template

register = template.Library()
WEB = ("http://", "https://", "ftp://", "ftps://")


@register.filter
def web(address: str) -> str:
    """The address if it leads to the web; else to where one is: a script runs nowhere."""
    return address if address.lower().startswith(WEB) else "#"
