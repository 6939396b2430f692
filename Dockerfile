# The packages, without what only development or another platform needs.
FROM docker.io/library/node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --omit=peer --ignore-scripts --loglevel=error
COPY docker/prune-packages.mjs docker/
RUN node docker/prune-packages.mjs node_modules

FROM docker.io/library/node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production PORT=3000 DATA_DIR=/data KEYS_DIR=/keys NODE_COMPILE_CACHE=/app/.compiled
RUN mkdir /data /keys .compiled && chown node:node /data /keys .compiled
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY migrations migrations
COPY public public
COPY views views
COPY src src
COPY docker/warm-cache.mjs docker/
COPY --chmod=755 docker/deskbell /usr/local/bin/
USER node
# One start and stop, so that every start from here on finds its TypeScript already read. Node keeps this cache apart for
# each user id: it must be made by the user that will run.
RUN node docker/warm-cache.mjs
VOLUME ["/data", "/keys"]
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "src/main.ts"]
