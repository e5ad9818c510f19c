import time, pytest
from django.core.management import call_command
from surveys.models import Wave, Analysis
from tests.workers.processes import *
@pytest.mark.django_db(transaction=True)
def test_time(tmp_path):
    call_command("load_taxonomy", verbosity=0)
    call_command("load_survey", verbosity=0)
    t=time.monotonic()
    with celery_told(task_default_queue="q1"):
        with worker("q1", tmp_path, with_clock=True) as w:
            call_command("load_demo", verbosity=0)
            print(time.monotonic()-t)
            w.wait_until_ready()
            print(time.monotonic()-t)
            until(lambda: Analysis.objects.exists())
            print(time.monotonic()-t)
            t=time.monotonic()
            time.sleep(5)
            print(w.said)
            t=time.monotonic()
        print("stop", time.monotonic()-t)
