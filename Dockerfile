# One image for every process of the newsroom; docker-compose.yml names the command of each.
FROM python:3.13-slim AS packages
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV HASHED_STATIC=true \
    PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
# /data: what must stay; /cache: what is made again. Volumes take over who owns them.
RUN useradd --system --uid 1000 newsroom && install --directory --owner=newsroom /data /cache
COPY --from=packages /venv /venv
COPY manage.py ./
COPY related related
COPY newsroom newsroom
# The key and the database are the running container's; collecting files needs neither.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 && rm -r /tmp/build
USER newsroom
ENV DATA_DIR=/data \
    SNAPSHOT_DIR=/cache/snapshots \
    NUMBA_CACHE_DIR=/cache/machine-code
CMD ["gunicorn", "newsroom.wsgi"]
