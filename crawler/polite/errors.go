package polite

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

// Class names a kind of failure, for SQL and for deciding whether to try again.
type Class string

// The classes of failure.
const (
	URLRefused        Class = "denied_url"         // not http(s), or with a user name
	PortRefused       Class = "denied_port"        // not one of the allowed ports
	AddressRefused    Class = "address"            // a private or special address
	RobotsDenied      Class = "robots"             // robots.txt forbids it
	RobotsUnreachable Class = "robots_unreachable" // robots.txt could not be read, which forbids everything for now
	Parked            Class = "parked"             // the host asked for a pause that is not over
	TooLarge          Class = "too_large"          // the decoded body exceeds the limit
	UnknownEncoding   Class = "unknown_encoding"   // a content encoding that was not asked for
	BadEncoding       Class = "bad_encoding"       // the body is not what its content encoding says
	Truncated         Class = "truncated"          // the body ended early
	Timeout           Class = "timeout"
	DNSTemporary      Class = "dns_temporary" // the name could not be resolved just now
	DNSUnknown        Class = "dns_unknown"   // the name does not exist
	TLSFailed         Class = "tls"
	Refused           Class = "connection_refused"
	Reset             Class = "connection_reset" // closed without a complete answer
	Unreachable       Class = "unreachable"      // no way to the network or host
	Protocol          Class = "protocol"         // an answer that is not HTTP, or headers beyond the limit
	BadRedirect       Class = "bad_redirect"     // a redirect to what is no URL; told by clients of a Transport
	Canceled          Class = "canceled"         // the caller gave up
	Internal          Class = "internal"         // the robots cache failed
)

// Error is the error of every request that a [Transport] does not complete.
type Error struct {
	Class  Class
	URL    string    // of the request that failed, which may be a redirect's
	Detail string    // for people
	Until  time.Time // for Parked: when the pause ends
	Err    error     // what lies beneath, may be nil
}

func (e *Error) Error() string {
	if e.Err != nil && e.Detail == "" {
		return fmt.Sprintf("%s: %v", e.Class, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Class, e.Detail)
}

func (e *Error) Unwrap() error { return e.Err }

// classify gives a failed exchange its class. Ctx is the caller's own context:
// its end is no fault of the server.
func classify(ctx context.Context, url string, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Class: class(ctx, err), URL: url, Err: err}
}

func class(ctx context.Context, err error) Class {
	var (
		dns      *net.DNSError
		netErr   net.Error
		op       *net.OpError
		record   tls.RecordHeaderError
		alert    tls.AlertError
		verify   *tls.CertificateVerificationError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
	)
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return Canceled
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return DNSUnknown
		}
		return DNSTemporary
	case errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert), errors.As(err, &unknown), errors.As(err, &hostname):
		return TLSFailed
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return Timeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Reset
	case errors.As(err, &op):
		return Unreachable
	default:
		return Protocol
	}
}
