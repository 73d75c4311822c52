//go:build !linux && !darwin && !freebsd

package editor

const childEnv = "TLSH_EDITOR_TEST_CHILD"

func child() int { return 0 }
