package awsread

import (
	"math"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// jwtForm is the form of a JSON Web Token: header, payload and signature.
const jwtForm = `eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`

var (
	accessKeyID = regexp.MustCompile(`(^|[^A-Z0-9])(AKIA|ASIA)[A-Z2-7]{16}($|[^A-Z0-9])`)
	jwt         = regexp.MustCompile(jwtForm)
	urlPassword = regexp.MustCompile(`[A-Za-z]://[^/\s:@"']*:[^/\s@"']+@`)
	secretName  = regexp.MustCompile(`(?i)passw|passphrase|secret|token|credential|private_?-?key|api_?-?key|access_?-?key`)
)

// scan names the kind of secret that a value looks like, or returns "". name is the member or map key that holds it, hint the
// text of a Key beside a Value, as in a tag.
func scan(s, name, hint string) string {
	switch {
	case len(s) < 16:
		return ""
	case strings.Contains(s, "PRIVATE KEY-----"):
		return "scan.private-key"
	case jwt.MatchString(s):
		return "scan.jwt"
	case accessKeyID.MatchString(s):
		return "scan.access-key-id"
	case strings.Contains(s, "://") && urlPassword.MatchString(s):
		return "scan.url-password" // https://user:password@host, as in the address of a repository
	case name == "Endpoint" && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")):
		return "scan.web-endpoint" // a subscriber's address, whose path or query is often its password
	case name == "ClientToken":
		return "" // the caller's own word for a request, worthless to others
	case strings.Contains(s, "%"):
		// IAM sends policies percent-encoded: the 2 of %22 would stand before a key id as a part of it.
		if plain, err := url.PathUnescape(s); err == nil && plain != s {
			return scan(plain, name, hint)
		}
	}
	if (secretName.MatchString(name) || secretName.MatchString(hint)) && looksRandom(s) {
		return "scan.high-entropy"
	}
	return ""
}

// Scrub takes out of a text that is not data, such as an error's message, what must not be kept. AWS repeats a request whose signature
// it does not accept, session token and all; a proxy's address can hold its password.
func Scrub(text string) string {
	for _, secret := range inMessages {
		text = secret.ReplaceAllString(text, "${1}[removed]")
	}
	return text
}

// inMessages are secrets as they stand in a text. What is left of the first group stays.
var inMessages = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(x-amz-security-token["']?\s*[:=]\s*["']?)[^\s"'&,]+`),
	regexp.MustCompile(`(?s)()-----BEGIN [A-Z ]*PRIVATE KEY-----.*`),
	regexp.MustCompile(`()` + jwtForm),
	regexp.MustCompile(`((?:^|[^A-Z0-9])(?:AKIA|ASIA))[A-Z2-7]{16}\b`),
	regexp.MustCompile(`([A-Za-z]://)[^/\s:@"']*:[^/\s@"']+@`),
}

// looksRandom reports whether s is one long word with the variety of a generated secret. Names of resources and times, which
// stand under names like "SecretArn" and "password_last_used", are not.
func looksRandom(s string) bool {
	if len(s) < 20 || strings.ContainsAny(s, " \t\n") || strings.HasPrefix(s, "arn:") {
		return false
	}
	if _, err := time.Parse(time.RFC3339, s); err == nil {
		return false
	}
	var count [256]float64
	for i := range len(s) {
		count[s[i]]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			p := n / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits >= 3.5
}

// keyBeside returns the text of the member Key (or TagKey, ParameterKey, Name) of a structure that also has a value for it.
func keyBeside(v reflect.Value) string {
	for _, pair := range [][2]string{{"Key", "Value"}, {"TagKey", "TagValue"}, {"Name", "Value"}} {
		key := v.FieldByName(pair[0])
		if key.IsValid() && v.FieldByName(pair[1]).IsValid() {
			if key.Kind() == reflect.Pointer {
				key = key.Elem()
			}
			if key.IsValid() && key.Kind() == reflect.String {
				return key.String()
			}
		}
	}
	return ""
}

// mask keeps enough of an identifier to recognise it.
func mask(s string) string {
	if len(s) < 12 {
		return strings.Repeat("*", len(s))
	}
	return s[:4] + strings.Repeat("*", len(s)-8) + s[len(s)-4:]
}
