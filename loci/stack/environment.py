"""The environment that the product runs in on one machine."""

from collections.abc import Mapping

from loci.stack.servers import Servers
from loci.stack.state import State, secret_key

SERVER_SETTINGS = "PG"
"""libpq reads PGHOST, PGPORT and the like beside the address that it is given."""


def product_environment(
    inherited: Mapping[str, str], state: State, servers: Servers
) -> dict[str, str]:
    """What is set already stays; what is missing gets the values for one machine."""
    own = "1" if servers.own_database else "0"
    environment = {
        "LOCI_DEMO": own,
        "LOCI_DEBUG": "0",
        "LOCI_LOCAL": "1",
        "LOCI_HOSTS": "127.0.0.1,localhost",
        "LOCI_QUEUE": "default",
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "passive",
        "PYTHONUNBUFFERED": "1",
        **{name: value for name, value in inherited.items() if value},
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "LOCI_OWN_DATABASE": own,
    }
    if "LOCI_SECRET_KEY" not in environment:
        environment["LOCI_SECRET_KEY"] = secret_key(state)
    if servers.own_database:
        for name in [name for name in environment if name.startswith(SERVER_SETTINGS)]:
            del environment[name]
    return environment
