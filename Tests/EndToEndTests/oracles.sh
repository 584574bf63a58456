#!/bin/bash
# Other people's tools, called the way that works on a bare machine, in a container and in a chroot alike.
# As a program: oracles.sh FUNCTION ARGUMENT...; or source it. Everything is kept below $ORACLES, a folder
# made here if it is not set; `forget` removes it. Images run without a network unless ORACLE_NETWORK says more;
# ORACLE_ENTRYPOINT replaces the image's program.
#
# Debian 12 has skopeo 1.9.3, podman 4.3.1, umoci 0.4.7, runc 1.1.5 and docker 20.10.24. zstd layers:
# skopeo and podman read them; umoci says "blob is not correct mediatype", docker "invalid tar header".
set -euo pipefail

ORACLES=${ORACLES:-$(mktemp -d "${TMPDIR:-/tmp}/oracles.XXXXXX")}

# skopeo_inspect TARBALL [--config]: the image as JSON, read through its OCI layout.
skopeo_inspect() { skopeo inspect "${@:2}" "oci-archive:$1"; }

# skopeo_inspect_docker TARBALL [--config]: the same through docker's manifest.json.
skopeo_inspect_docker() { skopeo inspect "${@:2}" "docker-archive:$1"; }

# skopeo_layout TARBALL FOLDER: copies to an OCI layout with the tag `image`; every blob is verified.
skopeo_layout() { skopeo copy --quiet "oci-archive:$1" "oci:$2:image"; }

# skopeo_folder TARBALL FOLDER: copies to a plain folder of blobs.
skopeo_folder() { skopeo copy --quiet "oci-archive:$1" "dir:$2"; }

# own_podman ARGUMENT...: podman with a store of its own. Without systemd its default cgroup manager does not work.
own_podman() {
    local store=$ORACLES/podman
    mkdir -p "$store"
    podman --root "$store/root" --runroot "$store/run" --tmpdir "$store/tmp" \
        --storage-driver overlay --cgroup-manager cgroupfs --events-backend file "$@"
}

# podman_load TARBALL: loads and prints the image's first name, or its ID if it has none.
podman_load() { own_podman load --quiet --input "$1" | sed -n 's/^Loaded image: *//p' | head -n 1; }

# podman_run TARBALL [ARGUMENT...]: loads and runs. The limits are given because podman's own are above what
# root may set without CAP_SYS_RESOURCE; without a network of its own no bridge or firewall is needed.
podman_run() {
    local image
    image=$(podman_load "$1") && [ -n "$image" ] || return
    own_podman run --rm --network "${ORACLE_NETWORK:-none}" --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
        ${ORACLE_ENTRYPOINT:+--entrypoint "$ORACLE_ENTRYPOINT"} "$image" "${@:2}" </dev/null
}

# umoci_bundle TARBALL FOLDER: unpacks the tarball's first named image into a runtime bundle (config.json, rootfs).
umoci_bundle() {
    local layout=$2.layout
    mkdir -p "$layout"
    tar -xf "$1" -C "$layout"
    umoci unpack --image "$layout:$(umoci ls --layout "$layout" | head -n 1)" "$2" || return
    # umoci asks for a terminal, which a test does not have.
    sed -i 's/"terminal": true/"terminal": false/' "$2/config.json"
}

# runc_run BUNDLE [ARGUMENT...]: runs what the bundle's config.json says, or $ORACLE_ENTRYPOINT with the arguments.
runc_run() {
    if [ -n "${ORACLE_ENTRYPOINT:-}" ]; then
        python3 - "$1/config.json" "$ORACLE_ENTRYPOINT" "${@:2}" <<'END'
import json, sys
path, *arguments = sys.argv[1:]
with open(path) as file:
    config = json.load(file)
config["process"]["args"] = arguments
with open(path, "w") as file:
    json.dump(config, file)
END
    fi
    runc --root "$ORACLES/runc" run --bundle "$1" "oracle-$$" </dev/null
}

# umoci_run TARBALL [ARGUMENT...]: unpacks with umoci and runs the bundle with runc.
umoci_run() {
    local bundle
    bundle=$(mktemp -d "$ORACLES/bundle.XXXXXX")
    umoci_bundle "$1" "$bundle" || return
    runc_run "$bundle" "${@:2}" || return
    rm -rf --one-file-system "$bundle" "$bundle.layout"
}

# with_docker COMMAND...: runs the command, function or program, with a daemon of its own behind DOCKER_HOST.
with_docker() {
    local home=$ORACLES/docker status=0
    mkdir -p "$home"
    dockerd --iptables=false --ip6tables=false --bridge=none --data-root "$home/data" --exec-root "$home/exec" \
        --pidfile "$home/pid" --host "unix://$home/socket" </dev/null >"$home/log" 2>&1 &
    local daemon=$!
    export DOCKER_HOST=unix://$home/socket
    until docker version >/dev/null 2>&1; do
        kill -0 "$daemon" 2>/dev/null || { tail -n 5 "$home/log" >&2 && return 7; }
        sleep 0.1
    done
    "$@" || status=$?
    kill "$daemon"
    wait "$daemon" || true
    unmount_below "$home"
    return "$status"
}

# docker_load TARBALL: loads and prints the image's first name; inside with_docker.
docker_load() { docker load --quiet --input "$1" | sed -n 's/^Loaded image\( ID\)\{0,1\}: *//p' | head -n 1; }

# docker_run TARBALL [ARGUMENT...]: loads and runs; inside with_docker.
docker_run() {
    local image
    image=$(docker_load "$1") && [ -n "$image" ] || return
    docker run --rm --network "${ORACLE_NETWORK:-none}" \
        ${ORACLE_ENTRYPOINT:+--entrypoint "$ORACLE_ENTRYPOINT"} "$image" "${@:2}" </dev/null
}

# ask RUN RECIPE TARBALL: what the image built from Recipes/RECIPE says when RUN (podman_run, docker_run or
# umoci_run) runs it. Servers are asked for a page from inside.
ask() {
    local shell=/bin/sh
    # shellcheck disable=SC2016  # for the shell inside
    case $2 in
        debian) ORACLE_ENTRYPOINT=$shell "$1" "$3" -c '. /etc/os-release; echo "$ID $VERSION_CODENAME"' ;;
        busybox) ORACLE_ENTRYPOINT=$shell "$1" "$3" -c 'busybox | head -n 1 | cut -c 1-7' ;;
        python-web) ORACLE_ENTRYPOINT=/usr/bin/python3 "$1" "$3" check.py ;;
        static-site)
            ORACLE_ENTRYPOINT=$shell "$1" "$3" -c \
                'httpd -p 8080 -h /srv/www; wget -q -O - http://127.0.0.1:8080/ | grep "<title>"'
            ;;
        *) "$1" "$3" ;;
    esac
}

# answer RECIPE: what the image is expected to say.
answer() {
    case $1 in
        debian) echo "debian bookworm" ;;
        busybox) echo "BusyBox" ;;
        hello-c) echo "hello, world" ;;
        python-web) echo "python-web: ok" ;;
        static-site) echo "<title>A static site</title>" ;;
        every-instruction)
            printf '%s\n' "hello from user 65534 in /var/lib/words" "arguments: one two" "words: 3 2 1"
            ;;
        *) echo "no answer is known for Recipes/$1" >&2 && return 64 ;;
    esac
}

# check RUN RECIPE TARBALL: fails, and shows the difference, if the image says something else than expected.
check() {
    local said expected
    said=$(ask "$@")
    expected=$(answer "$2")
    [ "$said" = "$expected" ] || { diff <(echo "$expected") <(echo "$said") >&2 || return 1; }
}

# unmount_below FOLDER: daemons leave their bind mounts behind.
unmount_below() {
    awk -v folder="$1/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs -r umount
}

# forget: removes everything kept so far.
forget() {
    unmount_below "$ORACLES"
    rm -rf --one-file-system "$ORACLES"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    "$@"
fi
