# syntax=docker/dockerfile:1
# « @sha256:… », to build on those very bytes (docs/deploiement.md, « Images »).
ARG DIGEST_PYTHON=""
FROM python:3.11.15-slim-bookworm${DIGEST_PYTHON} AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/tmp PATH=/opt/venv/bin:$PATH
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-dejavu-core tzdata \
    && rm -rf /var/lib/apt/lists/*

FROM base AS composants
COPY requirements/production.txt /tmp/production.txt
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --require-hashes --only-binary :all: -r /tmp/production.txt

FROM base
RUN groupadd --system --gid 10001 rebond \
    && useradd --system --uid 10001 --gid rebond --home-dir /nonexistent rebond \
    && install -d -o rebond -g rebond -m 0700 /donnees
COPY --from=composants /opt/venv /opt/venv
WORKDIR /app
COPY manage.py LICENSE ./
COPY rebond rebond
COPY territoires territoires
COPY candidatures candidatures
COPY projets projets
COPY templates templates
COPY static static
ENV DJANGO_SETTINGS_MODULE=rebond.settings \
    REBOND_DONNEES=/donnees \
    REBOND_STATIQUE=/app/statique \
    REBOND_STATIQUE_COMPRESSE=oui \
    REBOND_ECOUTE=0.0.0.0
# Collecting reads the settings and connects to nothing: these values stay in this layer's command.
RUN DATABASE_URL=postgresql://construction@localhost/construction REDIS_URL=redis://localhost/0 \
    REBOND_CLE_SECRETE=construction python manage.py collectstatic --noinput --verbosity 0
# Nothing is written in a container: each process would compile the portal as it starts.
RUN python -m compileall -q rebond territoires candidatures projets
USER 10001:10001
VOLUME /donnees
EXPOSE 8000
CMD ["gunicorn", "-c", "python:rebond.gunicorn", "rebond.wsgi"]
