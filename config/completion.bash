# bash completion for interviewd                                   -*- shell-script -*-

_interviewd()
{
    local cur prev word command=
    local -r commands='run chat check status bank grade backup config-sample config-manual'
    COMPREPLY=()
    cur=${COMP_WORDS[COMP_CWORD]}
    prev=${COMP_WORDS[COMP_CWORD - 1]}

    case $prev in
        -c | --bank) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        --into) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        --lang) mapfile -t COMPREPLY < <(compgen -W 'ko en' -- "$cur"); return ;;
        -o)
            # The options are asked from the program itself, so that this list is never old.
            mapfile -t COMPREPLY < <(compgen -S = -W "$(interviewd config-sample 2>/dev/null | awk '
                /^\[/ { section = substr($0, 2, length($0) - 2) }
                /^#[a-z_]+ =|^#[a-z_]+ *=/ { sub(/^#/, ""); sub(/ *=.*/, ""); print section "." $0 }')" -- "$cur")
            compopt -o nospace 2>/dev/null
            return ;;
    esac

    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case " $commands " in *" $word "*) command=$word; break ;; esac
    done
    case $command in
        '') word="$commands -c -o --help --version" ;;
        chat) word='--user --lang' ;;
        check) word='--online' ;;
        bank) word='export list show' ;;
        grade) word='--bank' ;;
        backup) word='--into --keep' ;;
        *) return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$word" -- "$cur")
    [[ $command == bank || $command == backup ]] && compopt -o default 2>/dev/null
}

complete -F _interviewd interviewd
