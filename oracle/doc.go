// Package oracle holds the tests in which an independent implementation,
// github.com/gotd/td, judges tlsh: its generated code the codec, its client our
// server, and its server our client. It is a module of its own because
// compiling that code takes minutes and much memory: the main module neither
// builds nor needs it. See README.md.
package oracle
