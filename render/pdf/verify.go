package pdf

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/auditpack/auditpack/render"
)

// Commands that need nothing but OpenSSH and coreutils, or Windows itself. They are the same in every language.
const (
	verifySeal    = "ssh-keygen -Y verify -f allowed_signers -I SIGNER -n auditpack-seal-v1 -s signatures/SIGNER.sshsig < SEAL"
	verifySums    = "sha256sum -c SEAL\nsha256sum -c SHA256SUMS"
	verifyHash    = "sha256sum SEAL"
	verifyRecord  = "(printf '\\000'; sed -n 'LINEp' PATH | tr -d '\\n') | sha256sum"
	verifyWindows = `cmd /c "ssh-keygen -Y verify -f allowed_signers -I SIGNER -n auditpack-seal-v1 -s signatures\SIGNER.sshsig < SEAL"` + "\n" +
		`Get-Content SHA256SUMS | ForEach-Object { $h,$f = $_ -split '  ',2; if ((Get-FileHash $f).Hash -ne $h) { "DIFFERS: $f" } }`
	verifyDetach = "pdfdetach -save 1 -o pack.json REPORT.pdf\nsha256sum pack.json"
)

// verify draws how to check the evidence with stock tools.
func (d *document) verify() {
	d.prose(d.t("verify.intro"))
	step := func(key, commands string) {
		d.heading(2, "", d.t("verify."+key+".title"))
		d.paragraph(d.small().sized(8), frameLeft, frameWidth, d.t("verify."+key+".text"), 1.2)
		d.commands(commands)
	}
	step("signature", verifySeal)
	step("sums", verifySums)
	step("seal", verifyHash)
	d.value(d.t("cover.seal"), d.pack.Bundle.SealSHA256)
	for _, s := range d.pack.Trust.Signers {
		d.value(d.t("cover.signer"), s.Fingerprint)
	}
	step("record", verifyRecord)
	step("windows", verifyWindows)
	step("pack", verifyDetach)
	digest := sha256.Sum256(d.reader.JSON())
	d.value("pack.json SHA-256", hex.EncodeToString(digest[:]))
}

// commands prints commands in a box.
func (d *document) commands(str string) {
	s := d.code().sized(7)
	t := s.font.CleanProse(str)
	lines := s.wrap(t, frameWidth-8)
	h := float64(len(lines))*s.lineHeight() + 4
	d.reserve(h)
	d.box(frameLeft, d.y, frameWidth, h, render.Wash)
	y := d.y + 2
	for _, l := range lines {
		d.drawLine(s, frameLeft+4, y+s.base(), t, l)
		y += s.lineHeight()
	}
	d.y += h + 1.5
}

// value prints a digest or fingerprint with its name.
func (d *document) value(name, value string) {
	f := d.facts(44)
	f.mono(name, value)
	f.end()
}
