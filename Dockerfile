# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
# Projects and lock files first: the restored packages stay cached while only code changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Directory.Build.props src/
COPY src/OrleansNotify.Abstractions/*.csproj src/OrleansNotify.Abstractions/packages.lock.json src/OrleansNotify.Abstractions/
COPY src/OrleansNotify/*.csproj src/OrleansNotify/packages.lock.json src/OrleansNotify/
COPY src/OrleansNotify.Sandbox/*.csproj src/OrleansNotify.Sandbox/packages.lock.json src/OrleansNotify.Sandbox/
COPY src/OrleansNotify.Host/*.csproj src/OrleansNotify.Host/packages.lock.json src/OrleansNotify.Host/
# With the machine's kind known, the host is compiled ahead of time.
RUN echo "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" > rid && dotnet restore src/OrleansNotify.Host --locked-mode -r "$(cat rid)"
COPY .editorconfig ./
COPY src src
COPY templates templates
RUN dotnet publish src/OrleansNotify.Host --no-restore -c Release -r "$(cat rid)" -o /published && mkdir /data

# Without a shell or a package manager, and as a user that is nobody special.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /published .
# The root file system may be read-only: what is written goes to /data (embedded store, keys of Development) and /tmp.
COPY --from=build --chown=1654:1654 /data /data
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 NOTIFY_DATA_DIR=/data DOTNET_EnableDiagnostics=0
VOLUME /data
USER $APP_UID
EXPOSE 8080 11111 30000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/OrleansNotify.Host", "health"]
ENTRYPOINT ["/app/OrleansNotify.Host"]
