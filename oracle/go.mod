module tlsh/oracle

go 1.26

require (
	github.com/gotd/td v0.161.0
	tlsh v0.0.0-00010101000000-000000000000
)

require (
	github.com/go-faster/errors v0.7.1 // indirect
	github.com/go-faster/jx v1.2.0 // indirect
	github.com/gotd/neo v0.1.5 // indirect
	github.com/segmentio/asm v1.2.1 // indirect
	go.uber.org/multierr v1.11.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
)

replace tlsh => ../
