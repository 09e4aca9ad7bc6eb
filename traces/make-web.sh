#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures one HTTP download between two network namespaces of its own: nginx serves, curl fetches, tcpdump records.
# It touches only interfaces, processes and namespaces that it made itself; ends by itself within a minute.
#
# Usage: make-web.sh [OUTPUT]     default: web.pcap beside this script
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/web.pcap}
script=make-web.sh
source "$here/capture.sh"
package+=([nginx]=nginx-light [curl]=curl [sha256sum]=coreutils [seq]=coreutils)
lines=20000
content_sha256=4f454b555525112c9fe4a0d42deca04c0007eadef7461dba74eaa5310e361f44
begin

# What is served: the same octets every time.
mkdir "$work/root"
seq -f 'Line %06.0f of the file that traces/make-web.sh serves.' "$lines" >"$work/root/lines.txt"
touch -d @0 "$work/root/lines.txt"
[[ $(sha256sum <"$work/root/lines.txt") == "$content_sha256  -" ]] || die "the served file came out different"

record

# Serve. No version in the answers, nothing written outside the work folder.
cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/error.log;
events {}
http {
    access_log off;
    server_tokens off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    server { listen $server_ip:80; root $work/root; default_type text/plain; }
}
CONF
start "$server" nginx -c "$work/nginx.conf" -e "$work/error.log"
await "nginx" answers "$server_ip" 80

(inside "$client" curl --fail --silent --show-error --noproxy '*' --max-time 20 --user-agent curl \
    --output "$work/got" "http://$server_ip/lines.txt")
cmp "$work/root/lines.txt" "$work/got" || die "the download differs from the file"
stop_recording
publish "$work/cable.pcap" "$output" "download right (sha256 $content_sha256)"
