"""The loop that joins the chapters."""

from loci.cycles.models.promise import Promise, PromiseQuerySet

__all__ = ["Promise", "PromiseQuerySet"]
