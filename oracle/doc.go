// Package oracle holds the tests in which an independent implementation, the
// generated code of github.com/gotd/td, judges tlsh. It is a module of its own
// because compiling that code takes minutes and much memory: the main module
// neither builds nor needs it. See README.md.
package oracle
