package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrBusy says that another program is at work on the database.
var ErrBusy = errors.New("database busy")

// Lock keeps other framewatch processes from changing the database at path until release is called or the process
// ends. It fails with [ErrBusy] at once if another one holds it. The lock is on path + ".lock", which stays behind: a
// file that is removed could be locked twice.
func Lock(path string) (release func(), err error) {
	if err := checkFolder(path); err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	l := flock.New(path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if !ok {
		l.Close()
		return nil, fmt.Errorf("%w: another framewatch is at work on %s; wait until it is done, or stop it", ErrBusy, path)
	}
	return func() { l.Close() }, nil
}
