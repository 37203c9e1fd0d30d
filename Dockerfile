# Two stages: build a static binary, then ship nothing but that binary.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# An empty folder that the unprivileged user may write to, for the volume.
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/balie ./cmd/balie && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/balie /balie
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV BALIE_LISTEN=0.0.0.0:8080 BALIE_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/balie"]
CMD ["serve"]
