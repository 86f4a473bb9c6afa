# syntax=docker/dockerfile:1
# One image per service: docker build --build-arg PROJECT=orders/Orders.Tax .  All are published by the same stage, which is built once for all of them.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /repo
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    for project in emulator/ChangeFeed.Emulator orders/Orders.Api orders/Orders.Tax orders/Orders.TaxAudit orders/Orders.Payment orders/Orders.Fulfillment orders/Orders.Notification orders/Orders.Views orders/Orders.CustomerCare; do \
      dotnet publish "src/$project/$project.csproj" -c Release -p:Precompiled=false -o "/out/$project" && \
      ln -s "$(basename "$project")" "/out/$project/service" || exit 1; \
    done

FROM mcr.microsoft.com/dotnet/aspnet:10.0
ARG PROJECT
WORKDIR /app
COPY deploy/healthcheck /usr/local/bin/healthcheck
COPY --from=build /out/$PROJECT ./
# A volume mounted here takes over the owner, so that the service may write without being root.
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
ENTRYPOINT ["./service"]
