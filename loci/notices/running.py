"""How Celery runs each task: what ended its process is counted, nothing makes it deaf."""

from typing import Any

from celery import Task
from celery.worker.request import Request
from django.utils import timezone
from kombu.transport.virtual import QoS

from loci.notices.services.parking import Try, one_try


class HearingRequest(Request):
    """A message of which the broker could not be told that it is done.

    Celery only logs that, and the message would take up the one place that this worker
    has, so that it never heard another. The place is given free; the broker hands the
    message out once more after `visibility_timeout`, and that run finds nothing to do.
    """

    def acknowledge(self) -> None:
        super().acknowledge()
        self._give_place_free()

    def reject(self, requeue: bool = False) -> None:  # noqa: FBT001, FBT002  # Celery's
        super().reject(requeue=requeue)
        self._give_place_free()

    def _give_place_free(self) -> None:
        if not self.message.acknowledged:
            QoS.ack(self.message.channel.qos, self.message.delivery_tag)


class CarefulTask(Task):  # type: ignore[type-arg]  # not generic when it runs
    abstract = True
    Request = "loci.notices.running:HearingRequest"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it; one that comes back from a lost process is put aside after three.

        Where the process is not lost after all both do it: a message is not thrown away.
        """
        comes_back = (self.request.delivery_info or {}).get("redelivered")
        if self.request.called_directly or not comes_back:
            return self.run(*args, **kwargs)
        with one_try(
            key=str(self.request.id),
            job=str(self.name),
            ids=kwargs,
            tries_before=1,
            now=timezone.now(),
        ) as found:
            return None if found is Try.IS_OVER else self.run(*args, **kwargs)
