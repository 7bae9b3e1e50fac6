# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Projects and lock files first: the restored packages stay cached while only code changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/OrleansNotify.Abstractions/*.csproj src/OrleansNotify.Abstractions/packages.lock.json src/OrleansNotify.Abstractions/
COPY src/OrleansNotify/*.csproj src/OrleansNotify/packages.lock.json src/OrleansNotify/
COPY src/OrleansNotify.Sandbox/*.csproj src/OrleansNotify.Sandbox/packages.lock.json src/OrleansNotify.Sandbox/
COPY src/OrleansNotify.Host/*.csproj src/OrleansNotify.Host/packages.lock.json src/OrleansNotify.Host/
RUN dotnet restore src/OrleansNotify.Host --locked-mode
COPY .editorconfig ./
COPY src src
COPY templates templates
RUN dotnet publish src/OrleansNotify.Host --no-restore -c Release -o /published

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /published .
# The root file system may be read-only: what is written goes to /data (embedded store, keys of Development) and /tmp.
RUN mkdir /data && chown $APP_UID /data
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 NOTIFY_DATA_DIR=/data DOTNET_EnableDiagnostics=0
VOLUME /data
USER $APP_UID
EXPOSE 8080 11111 30000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["dotnet", "OrleansNotify.Host.dll", "health"]
ENTRYPOINT ["dotnet", "OrleansNotify.Host.dll"]
