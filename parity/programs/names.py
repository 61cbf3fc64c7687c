"""Which file here has which program? Written by scripts/write_registries.py from their COMMANDS."""

from parity.programs.loading import rows

FILE_OF = rows("""
archives: curl dos2unix git rsync tar unzip wget
copy_move: cp install mv
django: django-admin django-admin.py manage.py
dpkg: dpkg-reconfigure update-alternatives
files: ln mkdir rm rmdir tee touch unlink
find: find xargs
grep: egrep fgrep grep
harmless: [ add-apt-repository apt-cache apt-key apt-mark arch awk chsh cmp column comm corepack crontab cut
    date debconf-set-selections depmod df diff dig dpkg-architecture du echo expr false fc-cache file fold
    free gawk getent gpg gpgconf groups hexdump host hostname id jq kill ldconfig less locale locale-gen
    lsb_release mandb md5sum more mount nc netstat nl nproc nslookup nvm od paste ping pkill printenv printf
    ps pwd readlink rev service setcap sha1sum sha256sum sha512sum sleep sort ss ssh-keygen ssh-keyscan stat
    strings sync sysctl systemctl tac test tr true tty umount uname uniq update-ca-certificates uptime visudo
    wait wc whereis which whoami xxd yes yq
lines: head tail
mktemp: mktemp
modes: chgrp chmod chown
node: bun npm npx pnpm yarn
playwright: patchright playwright
printing: basename cat dirname ls realpath seq
protoc: protoc
python: python virtualenv
sed: sed
unread_installers: conda easy_install flit hatch mamba micromamba pdm pip pip3 pipenv pipx pixi poetry rye uv
    uvx
users: addgroup adduser chpasswd delgroup deluser groupadd groupdel groupmod passwd useradd userdel usermod
wrappers: env
""")
