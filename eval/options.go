package eval

// optionsOf are the options that a command takes and judges itself: each with
// what its value is, if it has one, and what it is for.
func optionsOf(command string) []Choice {
	switch command {
	case "download":
		return []Choice{{Word: "--force", Description: "replace the files that are there"}}
	case "history":
		return []Choice{
			{Word: "--all", Description: "every line that is kept"},
			{Word: "--clear", Description: "forget all lines"},
		}
	case "login":
		return []Choice{
			{Word: "--phone", Args: "+NUMBER", Description: "whose account; the number alone says it too"},
			{Word: "--bot", Args: "TOKEN", Description: "a bot, by the token of @BotFather"},
			{Word: "--qr", Description: "a code to scan with an app that is signed in"},
			{Word: "--profile", Args: "NAME", Description: "the profile to sign in with"},
			{Word: "--code", Args: "CODE", Description: "the code that Telegram sends"},
			{Word: "--password", Args: "TEXT", Description: "the two-step password, as env:NAME"},
			{Word: "--recovery-code", Args: "CODE", Description: "what the recovery e-mail holds; it takes the password off"},
			{Word: "--email", Args: "ADDRESS", Description: "where an account must have an address for its codes"},
			{Word: "--email-code", Args: "CODE", Description: "what comes to that address"},
			{Word: "--sign-up", Args: `"First Last"`, Description: "a new account, where nobody has the number"},
			{Word: "--api-id", Args: "N", Description: "of your program, from my.telegram.org"},
			{Word: "--api-hash", Args: "HASH", Description: "of your program, from my.telegram.org"},
		}
	case "logout":
		return []Choice{
			{Word: "--local", Description: "without asking the server"},
			{Word: "--forget", Description: "and no token that spares the next code"},
		}
	}
	return nil
}
