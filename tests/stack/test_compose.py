"""The deployment files say all that the settings ask for."""

import re

import yaml

from loci.core.jobs import mail_queue
from loci.stack.state import PROJECT

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PRODUCT = ("migrate", "web", "worker", "mailer", "beat")
FOR_ONE_MACHINE = {
    "LOCI_DEBUG",
    "LOCI_DEMO",
    "LOCI_DEMO_FORCE",
    "LOCI_LOCAL",
    "LOCI_OWN_DATABASE",
}
NEEDED = {
    "DATABASE_URL",
    "REDIS_URL",
    "LOCI_HOSTS",
    "LOCI_MAIL_FROM",
    "LOCI_MAIL_URL",
    "LOCI_SECRET_KEY",
    "LOCI_SITE_URL",
    "LOCI_TRUSTED_PROXIES",
}


def read_by_settings() -> dict[str, bool]:
    """Each variable that settings read, and whether it has a value of its own there."""
    settings = (PROJECT / "loci/settings.py").read_text()
    calls = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"(,\s*default)?', settings)
    return {name: bool(default) for name, default in calls}


def documented() -> set[str]:
    example = (PROJECT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))


def test_services_are_those_of_the_product_and_its_servers():
    assert set(SERVICES) == {"database", "broker", *PRODUCT}
    assert set(COMPOSE["volumes"]) == {"database", "broker"}


def test_each_service_that_stays_up_has_a_health_check():
    for name, service in SERVICES.items():
        if name == "migrate":
            assert service["healthcheck"] == {"disable": True}
        else:
            assert service["healthcheck"]["test"]
    assert "/readyz" in SERVICES["web"]["healthcheck"]["test"][-1]


def test_workers_ask_no_neighbours_and_take_mail_apart():
    """T-R4: with mingle or gossip a worker may go deaf when the broker comes back."""
    queues = {}
    for name in ("worker", "mailer"):
        command = SERVICES[name]["command"]
        assert {"--without-gossip", "--without-mingle"} <= set(command)
        queues[name] = command[command.index("-Q") + 1]

    assert queues == {"worker": "default", "mailer": mail_queue("default")}


def test_services_of_the_product_wait_for_servers_and_tables():
    assert set(SERVICES["migrate"]["depends_on"]) == {"database"}
    for name in ("web", "worker", "mailer", "beat"):
        assert {
            on: wait["condition"] for on, wait in SERVICES[name]["depends_on"].items()
        } == {
            "migrate": "service_completed_successfully",
            "database": "service_healthy",
            "broker": "service_healthy",
        }


def test_what_settings_need_is_given_to_every_service_of_the_product():
    without_default = {name for name, has in read_by_settings().items() if not has}
    for name in PRODUCT:
        given = set(SERVICES[name]["environment"])
        assert given >= NEEDED | without_default
        assert not given & FOR_ONE_MACHINE


def test_example_documents_every_variable_that_settings_or_compose_read():
    compose = (PROJECT / "docker-compose.yml").read_text()
    in_compose = set(re.findall(r"\$\{([A-Z_]+)", compose))

    assert documented() >= set(read_by_settings()) | in_compose


def test_example_holds_no_secret():
    example = (PROJECT / ".env.example").read_text()

    assert re.search(r"^LOCI_SECRET_KEY=$", example, re.MULTILINE)
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.MULTILINE)


def test_image_runs_as_nobody_special_and_compiles_what_it_serves():
    image = (PROJECT / "Dockerfile").read_text()

    assert re.search(r"^USER loci$", image, re.MULTILINE)
    assert "collectstatic" in image
    assert "compile_locale" in image
    assert "--require-hashes" in image
