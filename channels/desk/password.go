package desk

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a password, as OWASP advises for argon2id: 19 MiB, 2 passes.
const (
	passwordMemory  = 19 << 10 // KiB
	passwordTime    = 2
	passwordThreads = 1
	passwordSalt    = 16
	passwordSum     = 32
	maxPassword     = 1024 // bytes
	maxMemory       = 256 << 10
	maxTime         = 16
)

var b64 = base64.RawStdEncoding

// HashPassword hashes a password with argon2id, in the PHC string format.
func HashPassword(password string) (string, error) {
	if password == "" || len(password) > maxPassword {
		return "", errors.New("desk: a password has 1 to 1024 bytes")
	}
	salt := make([]byte, passwordSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("desk: salt: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, passwordTime, passwordMemory, passwordThreads, passwordSum)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, passwordMemory, passwordTime, passwordThreads,
		b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

// VerifyPassword reports whether the password has the hash. A hash that cannot
// be read fits no password.
func VerifyPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || len(password) > maxPassword {
		return false
	}
	var version int
	var memory, passes uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil {
		return false
	}
	if memory > maxMemory || passes == 0 || passes > maxTime || threads == 0 {
		return false
	}
	salt, err := b64.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := b64.DecodeString(parts[5])
	if err != nil || len(want) < 16 || len(want) > 64 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(want))) // at most 64
	return subtle.ConstantTimeCompare(got, want) == 1
}
