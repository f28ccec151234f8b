FROM node:26-slim
ENV NODE_ENV=production
WORKDIR /titian
# Servers of their own are named by the environment: no embedded PostgreSQL, no second Node, and no pkcs11js (docs/operations/keys.md).
COPY package.json package-lock.json ./
RUN npm install --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY src ./src
USER node
EXPOSE 8080
ENTRYPOINT ["node", "src/main.ts"]
CMD ["serve"]
