package main

// quotedLine is what completes, in each shell, the line of -c while its quote is
// open: cobra's functions evaluate the words that were typed, or compare them with
// what they found, and an open quote is no word.
var quotedLine = map[string]string{"bash": bashQuotedLine, "zsh": zshQuotedLine, "fish": fishQuotedLine}

const bashQuotedLine = `
__tlsh_quoted_line() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    if [[ ( $prev == -c || $prev == --command ) && $cur == [\"\']* ]]; then
        local IFS=$'\n'
        COMPREPLY=($("${COMP_WORDS[0]}" __complete -c "${cur:1}" 2>/dev/null | sed -e '$d' -e $'s/\t.*//'))
        compopt -o nospace
        return
    fi
    __start_tlsh "$@"
}
complete -o default -o nosort -F __tlsh_quoted_line tlsh
`

// Zsh knows the quote, and puts it around what is found. It sorts unless told not
// to (-V), and would close the quote of the one that is left: more may follow.
const zshQuotedLine = `
__tlsh_quoted_line() {
    if (( CURRENT < 3 )) || [[ ${words[CURRENT-1]} != (-c|--command) || ${words[CURRENT]} != [\"\']* ]]; then
        _tlsh "$@"
        return
    fi
    local -a found lines notes
    local one
    found=("${(@f)$("${words[1]}" __complete "${(@Q)words[2,CURRENT-2]}" -c "${words[CURRENT][2,-1]}" 2>/dev/null)}")
    for one in "${(@)found[1,-2]}"; do
        lines+=("${one%%$'\t'*}")
        notes+=("${one/$'\t'/  }")
    done
    compadd -V lines -S '' -l -d notes -a lines
}
compdef __tlsh_quoted_line tlsh
`

// Fish would close the quote of the one that is left, unless there is another
// beside it.
const fishQuotedLine = `
function __tlsh_in_quoted_line
    set -l args (commandline -opc)
    contains -- "$args[-1]" -c --command
    and string match -qr '^["\']' -- (commandline -ct)
end

function __tlsh_quoted_line
    set -l args (commandline -opc)
    set -l before
    test (count $args) -gt 2; and set before $args[2..-2]
    set -l found ($args[1] __complete $before -c (string sub -s 2 -- (commandline -ct)) 2>/dev/null)
    printf '%s\n' $found[1..-2]
    if test (count $found) -eq 2
        printf '%s.\n' (string split -m 1 \t -- $found[1])[1]
    end
end
complete -c tlsh -n __tlsh_in_quoted_line -f -k -a '(__tlsh_quoted_line)'
`
