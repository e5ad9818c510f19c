"""A cache that may be away: pages stay up, they are only slower."""

import logging
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from loci.core.rest import Rest

logger = logging.getLogger(__name__)
rest = Rest()

COUNTED = "allauth:rl:"  # how often somebody knocked: passwords, codes, second factors
USED = "allauth.mfa.totp.used"  # codes of authenticator apps that were taken
USED_FOR = 120  # seconds: longer than such a code is taken, see MFA_TOTP_TOLERANCE


def sealed_key(key: str, prefix: str, version: int) -> str:
    """A key from which neither an address of the net nor one of mail can be read."""
    return salted_hmac("loci.counts", f"{prefix}:{version}:{key}").hexdigest()


class ForgivingRedisCache(RedisCache):
    """Reads as empty and forgets writes while the server is away.

    What limits guesses and which codes were used is kept in the database, so that it
    holds then too. One page waits for a server that does not answer; those of the next
    seconds do not.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._address = str(server)

    def _tried(self, name: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if str(args[0]).startswith(USED):
            kwargs["timeout"] = USED_FOR
        if str(args[0]).startswith((COUNTED, USED)):
            return getattr(caches["counts"], name)(*args, **kwargs)
        if rest.holds(self._address):
            return otherwise
        try:
            return getattr(super(), name)(*args, **kwargs)
        except RedisError:
            rest.begin(self._address)
            logger.warning("The cache is away (%s).", name)
            return otherwise

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._tried("get", default, key, default, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._tried("set", None, key, value, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._tried("add", True, key, value, *args, **kwargs))  # noqa: FBT003

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._tried("delete", False, key, version))  # noqa: FBT003

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._tried("incr", delta, key, delta, version))
