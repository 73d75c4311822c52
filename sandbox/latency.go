package sandbox

import (
	"net"
	"slices"
	"sync"
	"time"
)

// slowListener makes the network seem slow: what its connections write arrives
// later, in its order. Requests that wait for each other's answers feel it,
// requests sent together feel it once.
type slowListener struct {
	net.Listener
	delay time.Duration
	tasks sync.WaitGroup // the connections' writers
}

func (l *slowListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &slowConn{Conn: nc, delay: l.delay, queue: make(chan slowWrite, 1024), closed: make(chan struct{})}
	l.tasks.Go(c.run)
	return c, nil
}

type slowConn struct {
	net.Conn
	delay  time.Duration
	queue  chan slowWrite
	closed chan struct{}
	once   sync.Once
}

type slowWrite struct {
	at time.Time
	b  []byte
}

// Write queues a copy of b. An error of the network closes the connection.
func (c *slowConn) Write(b []byte) (int, error) {
	select {
	case c.queue <- slowWrite{time.Now().Add(c.delay), slices.Clone(b)}:
		return len(b), nil
	case <-c.closed:
		return 0, net.ErrClosed
	}
}

// SetWriteDeadline does nothing: writing is queueing, and Close ends it.
func (c *slowConn) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline sets the deadline for reading.
func (c *slowConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// Read is the connection's, until Close.
func (c *slowConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		select {
		case <-c.closed:
			err = net.ErrClosed
		default:
		}
	}
	return n, err
}

// Close ends reading at once; what is on its way still arrives, as a transport
// error must, before the connection is closed.
func (c *slowConn) Close() error {
	c.once.Do(func() {
		close(c.closed)
		c.Conn.SetReadDeadline(time.Unix(1, 0))
		c.Conn.SetWriteDeadline(time.Now().Add(c.delay + lastWrite))
	})
	return nil
}

// lastWrite bounds the wait for a client that does not take what is left.
const lastWrite = time.Second

func (c *slowConn) run() {
	defer c.Conn.Close()
	for {
		select {
		case w := <-c.queue:
			if !c.deliver(w) {
				c.Close()
				return
			}
		case <-c.closed:
			for {
				select {
				case w := <-c.queue:
					if !c.deliver(w) {
						return
					}
				default:
					return
				}
			}
		}
	}
}

// deliver waits until the write is due.
func (c *slowConn) deliver(w slowWrite) bool {
	time.Sleep(time.Until(w.at))
	_, err := c.Conn.Write(w.b)
	return err == nil
}
