"""The programs of Debian's images, `python:*-slim` among them. Written by scripts/debian_programs.py."""

# Of Debian 11.11, 12.15, 13.8.
BIN = """
    [ addpart apt apt-cache apt-cdrom apt-config apt-get apt-key apt-mark arch awk b2sum base32 base64 basename
    basenc bash bashbug c_rehash captoinfo cat catchsegv chage chattr chcon chfn chgrp chmod choom chown chrt
    chsh cksum clear clear_console cmp comm cp csplit cut dash date dd deb-systemd-helper deb-systemd-invoke
    debconf debconf-apt-progress debconf-communicate debconf-copydb debconf-escape debconf-set-selections
    debconf-show delpart df diff diff3 dir dircolors dirname dmesg dnsdomainname domainname dpkg dpkg-deb
    dpkg-divert dpkg-maintscript-helper dpkg-query dpkg-realpath dpkg-split dpkg-statoverride dpkg-trigger du
    echo egrep env expand expiry expr factor faillog fallocate false fgrep fincore find findmnt flock fmt fold
    getconf getent getopt gpasswd gpgv grep groups gunzip gzexe gzip hardlink head hostid hostname i386 iconv id
    infocmp infotocap install ionice ipcmk ipcrm ipcs ischroot join last lastb lastlog ld.so ldd link linux32
    linux64 ln locale localedef logger login logname ls lsattr lsblk lscpu lsfd lsipc lsirq lslocks lslogins
    lsmem lsns mawk mcookie md5sum md5sum.textutils mesg mkdir mkfifo mknod mktemp more mount mountpoint mv
    namei nawk newgrp nice nisdomainname nl nohup nproc nsenter numfmt od openssl pager partx passwd paste
    pathchk perl perl5.32.1 perl5.36.0 perl5.40.1 pidof pinky pldd pr printenv printf prlimit ptx pwd rbash
    readlink realpath rename.ul renice reset resizepart rev rgrep rm rmdir run-parts runcon savelog script
    scriptlive scriptreplay sdiff sed seq setarch setpriv setsid setterm sg sha1sum sha224sum sha256sum
    sha384sum sha512sum shred shuf sleep sort split sqv stat stdbuf stty su sum sync tabs tac tail tar taskset
    tee tempfile test tic timeout toe touch tput tr true truncate tset tsort tty tzselect uclampset umount uname
    uncompress unexpand uniq unlink unshare update-alternatives users utmpdump vdir wall wc wdctl whereis which
    which.debianutils who whoami x86_64 xargs yes ypdomainname zcat zcmp zdiff zdump zegrep zfgrep zforce zgrep
    zless zmore znew
"""
SBIN = """
    add-shell addgroup adduser agetty badblocks blkdiscard blkid blkzone blockdev chcpu chgpasswd chmem chpasswd
    chroot cpgr cppw ctrlaltdel debugfs delgroup deluser dpkg-fsys-usrunmess dpkg-preconfigure dpkg-reconfigure
    dumpe2fs e2freefrag e2fsck e2image e2label e2mmpstatus e2scrub e2scrub_all e2undo e4crypt e4defrag faillock
    fdformat filefrag findfs fsck fsck.cramfs fsck.ext2 fsck.ext3 fsck.ext4 fsck.minix fsfreeze fstab-decode
    fstrim getty groupadd groupdel groupmems groupmod grpck grpconv grpunconv hwclock iconvconfig installkernel
    invoke-rc.d isosize killall5 ldattach ldconfig logsave losetup mke2fs mkfs mkfs.bfs mkfs.cramfs mkfs.ext2
    mkfs.ext3 mkfs.ext4 mkfs.minix mkhomedir_helper mklost+found mkswap newusers nologin pam-auth-update
    pam_getenv pam_namespace_helper pam_timestamp_check pivot_root pwck pwconv pwhistory_helper pwunconv raw
    readprofile remove-shell resize2fs rmt rmt-tar rtcwake runuser service shadowconfig start-stop-daemon
    sulogin swaplabel swapoff swapon switch_root tarcat tune2fs tzconfig unix_chkpwd unix_update
    update-ca-certificates update-passwd update-rc.d update-shells useradd userdel usermod vigr vipw wipefs zic
    zramctl
"""
