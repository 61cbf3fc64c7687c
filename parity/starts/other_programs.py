"""Which programs run no Python code for certain?"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.program import name_of

OTHER_PROGRAMS = frozenset(
    """
    : . [ test true false echo printf cd pwd export unset set shift read wait trap exit return umask
    ulimit alias source eval cat ls cp mv rm mkdir rmdir chmod chown chgrp ln touch find grep egrep
    sed awk cut head tail sort uniq tr wc tee xargs which date sleep kill ps id whoami hostname
    uname df du mount umount stat basename dirname realpath readlink mktemp install sync yes seq
    nproc getent getopt expr apt apt-get apk yum dnf dpkg rpm useradd usermod groupadd adduser
    addgroup passwd chsh update-ca-certificates curl wget nc netcat ping dig nslookup openssl ssh
    sshd ssh-keygen rsync git tar gzip gunzip unzip zip jq yq envsubst gettext locale-gen locale
    ldconfig service systemctl cron crond crontab rsyslogd logrotate nginx apache2 apache2ctl httpd
    caddy haproxy traefik envoy varnishd squid redis-server redis-cli redis-sentinel postgres psql
    pg_isready pg_ctl pg_dump mysqld mysql mysqladmin mariadb mariadbd mongod mongo mongosh
    memcached rabbitmq-server rabbitmqctl elasticsearch kafka-topics zookeeper consul vault minio mc
    node nodejs deno bun npx vite java javac ruby perl php php-fpm go cargo rustc dotnet lua Rscript
    R pg_isready sqlite3 ollama chromium google-chrome chromedriver Xvfb x11vnc fluxbox dbus-daemon
    ffmpeg pause prometheus grafana-server node_exporter statsd_exporter telegraf fluentd fluent-bit
    datadog-agent cloud_sql_proxy cloud-sql-proxy ngrok stunnel dnsmasq busybox
    """.split()
)


def is_other_program(command: Command) -> bool:
    """True for programs of a list; a program that is not on it may be anything."""
    return name_of(command) in OTHER_PROGRAMS
