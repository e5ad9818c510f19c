# The production image: web, workers, beat and migrations all run from it.

FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && /venv/bin/uv pip sync --no-cache --require-hashes --compile-bytecode \
        --python /venv/bin/python requirements.lock

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    OMP_WAIT_POLICY=passive \
    LOCI_STATIC_ROOT=/srv/static
RUN useradd --system --create-home --home-dir /srv/loci loci \
    && install -d -o loci /srv/static
COPY --from=packages /venv /venv
WORKDIR /srv/loci
COPY --chown=loci . .
USER loci
# No database is contacted here; the key signs nothing that leaves this step.
RUN LOCI_SECRET_KEY=only-while-the-image-is-built python manage.py compile_locale \
    && LOCI_SECRET_KEY=only-while-the-image-is-built python manage.py collectstatic --noinput
EXPOSE 8000
CMD ["gunicorn", "loci.wsgi:application", "--bind", "0.0.0.0:8000", "--no-control-socket", \
    "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
    "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
