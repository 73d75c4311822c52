package sandbox

import (
	"maps"
	"sync"
)

// area is one part of the API: its methods, and the lines of a fixture that
// say what there is of it.
type area struct {
	methods map[string]method
	// words are the commands of the fixture that belong to it. Each reads its
	// own arguments; what it puts off with loader.last runs when all messages
	// are in their boxes.
	words map[string]func(*arguments)
	// save writes those commands for the world as it is, after the people, the
	// rooms and the messages; nil where there is nothing.
	save func(*saver)
}

// areas are all parts of the API that are simulated. Nothing in them changes.
var areas = sync.OnceValue(allAreas)

func allAreas() []area {
	return []area{
		filesArea(),
		authArea(), passwordArea(), recoveryArea(), emailArea(), qrArea(), keysArea(), dcsArea(), cdnArea(),
		sessionsArea(), profileArea(), privacyArea(), notifyArea(), accountArea(),
		peopleArea(), contactsArea(), phonebookArea(), blockingArea(), topPeersArea(), photosArea(), botsArea(), storiesArea(), albumsArea(), reportArea(), langpackArea(), roomsArea(), groupsArea(), invitesArea(), topicsArea(), messagesArea(), updatesArea(), helpArea(), statsArea(), mannersArea(),
		pinsArea(), draftsArea(), foldersArea(), chatlistsArea(),
		reactionsArea(), contentsArea(), pollsArea(), searchArea(), readingArea(), scheduledArea(), threadsArea(), savedArea(), barArea(), ttlArea(), stickersArea(),
	}
}

// methods are the API's methods that are simulated.
func methods() map[string]method {
	n := 0
	for _, a := range areas() {
		n += len(a.methods)
	}
	all := make(map[string]method, n)
	for _, a := range areas() {
		maps.Copy(all, a.methods)
	}
	return all
}
