# Quartier's images: `app` (web, worker, beat and the one-time migration) and `proxy` (TLS).
# docker build --target app .

FROM python:3.12-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/quartier
WORKDIR /srv/quartier
COPY pyproject.toml uv.lock ./
# Only what production runs: neither the test tools nor the embedded servers.
RUN uv sync --frozen --no-default-groups --compile-bytecode
COPY . .
ENV PATH=/opt/quartier/bin:$PATH PYTHONPATH=/srv/quartier:/srv/quartier/platform QUARTIER_VAR=/srv/quartier/var
# Collecting needs settings that would start; these values live in this one command and serve nobody.
RUN python -m devtools.messages compile \
 && DJANGO_SETTINGS_MODULE=quartier.settings.prod SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build/0 ALLOWED_HOSTS=build.invalid \
    SITE_URL=https://build.invalid VOTE_KEYS_DIR=/tmp/none \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q accounts cocreation proposals feedback platform

FROM python:3.12-slim-bookworm AS app
# pg_dump and pg_restore of the server's version, for backups.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
 && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
 && apt-get install -y --no-install-recommends postgresql-client-18 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin quartier \
 && install -d -o quartier -g quartier -m 0700 /var/lib/quartier /var/lib/quartier/media /var/lib/vote-keys /var/lib/private \
    /var/lib/metrics /var/lib/backups
COPY --from=build /opt/quartier /opt/quartier
COPY --from=build /srv/quartier /srv/quartier
ENV PATH=/opt/quartier/bin:$PATH PYTHONPATH=/srv/quartier:/srv/quartier/platform PYTHONUNBUFFERED=1 \
    QUARTIER_VAR=/srv/quartier/var DJANGO_SETTINGS_MODULE=quartier.settings.prod \
    MEDIA_ROOT=/var/lib/quartier/media VOTE_KEYS_DIR=/var/lib/vote-keys PRIVATE_DIR=/var/lib/private
WORKDIR /srv/quartier
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "deploy/healthy.py", "web"]
# No access log: who read or voted when is nobody's business. WEB_CONCURRENCY sets the number of processes.
CMD ["gunicorn", "quartier.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", \
     "--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", \
     "--max-requests", "20000", "--max-requests-jitter", "2000"]

FROM debian:13.1-slim AS pooler
# pgbouncer 1.24: from 1.21 on it follows prepared statements through transactions.
RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer && rm -rf /var/lib/apt/lists/*
COPY deploy/pooler.sh deploy/pgbouncer.ini /etc/quartier-pooler/
USER 10003
EXPOSE 6432
HEALTHCHECK --interval=10s --timeout=5s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/6432"]
CMD ["bash", "/etc/quartier-pooler/pooler.sh"]

FROM caddy:2.10-alpine AS proxy
# The image runs as the superuser; certificates only need these two folders.
RUN adduser -D -H -u 10002 caddy-runner && chown -R caddy-runner /data /config
COPY deploy/Caddyfile /etc/caddy/Caddyfile
USER 10002
HEALTHCHECK --interval=15s --timeout=5s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:2019/config/"]
