package bind

// Word is a word of the language that begins a block or a stage of a pipe: what
// follows it, what it does, and a line that shows it.
type Word struct {
	Name, Args, Summary, Example string
	Opens                        string // what of Args stands behind it always
	Pipe                         bool   // it is a stage of a pipe
}

// Words are all of them.
func Words() []Word {
	return []Word{
		{Name: "batch", Opens: " <", Args: "< REQUEST; … > [ordered]", Summary: "several requests in one container", Example: "batch < help.getConfig; users.getUsers [me] >"},
		{Name: "for", Opens: " $", Args: "$x in PATH < … >", Summary: "for each element", Example: "for $u in $_.users < echo $u.first_name >"},
		{Name: "jq", Args: "[-r] [-c] FILTER", Summary: "a jq filter over the JSON", Example: "messages.getHistory @alice | jq -r '.messages[].message'", Pipe: true},
		{Name: "table", Args: "[FIELD …]", Summary: "rows and columns", Example: "messages.getHistory @alice | table id message", Pipe: true},
		{Name: "save", Args: "FILE [--force]", Summary: "write it to a file", Example: "messages.getHistory @alice | save history.json", Pipe: true},
		{Name: "!", Args: "COMMAND", Summary: "to a command of the system's shell", Example: "messages.getHistory @alice | !less -S", Pipe: true},
	}
}
