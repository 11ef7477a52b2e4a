#!/usr/bin/env bash
# Draws the pictures of the README from the sample packs: pages of the PDF (pdftoppm) and a sheet of the workbook (LibreOffice).
set -euo pipefail
cd "$(dirname "$0")"
for tool in pdftoppm soffice; do
	command -v "$tool" >/dev/null || { echo "$tool is missing (Debian: poppler-utils, libreoffice-calc)" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pdftoppm -r 64 -png -f 1 -l 1 -singlefile ../packs/audit-pack-en.pdf pdf-cover
pdftoppm -r 64 -png -f 5 -l 5 -singlefile ../packs/audit-pack-ja.pdf pdf-summary-ja

soffice -env:UserInstallation="file://$work/profile" --headless --convert-to pdf --outdir "$work" ../packs/audit-pack-en.xlsx >/dev/null
page=$(for p in $(seq 1 12); do pdftotext -f "$p" -l "$p" "$work/audit-pack-en.pdf" - | grep -q 'Requirements by verdict' && echo "$p" && break; done)
pdftoppm -r 80 -png -f "$page" -l "$page" -singlefile "$work/audit-pack-en.pdf" workbook-summary
