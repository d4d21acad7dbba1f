# gridboard as an image, for systems without apt. Not built in CI.
FROM node:22-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tools tools
RUN npm run build

FROM python:3.12-slim
# What briefs are printed with.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk libpango-1.0-0 \
    libpangoft2-1.0-0 libharfbuzz-subset0 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=assets /src/assets/vendor assets/vendor
RUN PIP_CONSTRAINT=constraints.txt pip install --no-cache-dir ".[demo]" \
    && useradd --create-home gridboard && mkdir /state && chown gridboard /state
USER gridboard
WORKDIR /home/gridboard
ENV GRIDBOARD_HOST=0.0.0.0 GRIDBOARD_STATE_DIR=/state
EXPOSE 8050
CMD ["gridboard", "demo"]
