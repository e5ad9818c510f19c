"""LOCI: who is here, what they say, who should talk to whom, when they meet."""

from loci.celery import app as celery_app

__all__ = ["celery_app"]
