#!/bin/sh
# Backs up a knowledge base while the page is open and an ingest runs:  backup.sh HOME FOLDER
#
# FOLDER/2026-01-31/ gets the databases of that day, FOLDER/originals/ the files that are new since the last time:
# they are named by their content and never change. Databases of the last 30 days are kept, originals for good.
set -eu
umask 077
home=$1 folder=$2 day=$(date +%F)

mkdir -p "$folder/$day.part" "$folder/originals"
# The databases first: an original too many does no harm, one too few would.
for name in kb questions; do
    if [ -e "$home/$name.sqlite3" ]; then
        sqlite3 -cmd ".timeout 60000" "$home/$name.sqlite3" ".backup '$folder/$day.part/$name.sqlite3'"
    fi
done
cp -r --preserve=timestamps --no-clobber "$home/originals/." "$folder/originals/"
rm -rf "${folder:?}/$day"
mv "$folder/$day.part" "$folder/$day"

find "$folder" -mindepth 1 -maxdepth 1 -type d -name '20??-??-??' -mtime +30 -exec rm -rf {} +
