// Package history keeps the lines that were entered at the prompt of one
// profile: it stores them, finds them again, and takes the secrets out of them
// before they reach the disk.
//
// The file holds one JSON object a line and is only ever appended to, each
// entry in one write under a lock that all shells of the profile share. A shell
// that is killed in the middle of that write leaves a torn last line; readers
// skip it, and the next writer begins a new line after it.
package history
