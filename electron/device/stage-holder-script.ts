// Whose a stage is, in shell: the process that fills it, so that the leftovers of a dead one are told from another
// installation that is at work. A process is its number, the boot it belongs to and when it started: numbers come again.
// A device without /proc tells by the number alone.

/** Needs `$stage`. */
export const stageHolderFunctions = `
process_of() {
  boot=-
  if [ -r /proc/sys/kernel/random/boot_id ]; then read -r boot </proc/sys/kernel/random/boot_id; fi
  started=-
  if [ -r "/proc/$1/stat" ]; then
    read -r stat <"/proc/$1/stat"
    set -- "$1" \${stat##*) }
    # One that was killed and that nobody has taken notice of yet does not run.
    if [ "$2" != Z ]; then started=\${21}; fi
  fi
  echo "$1 $boot $started"
}

stage_is_held() {
  # Between making the stage and saying whose it is lies a moment.
  [ -s "$stage/.holder" ] || sleep 1
  [ -s "$stage/.holder" ] || return 1
  read -r holder boot started <"$stage/.holder"
  case $holder in
    '' | *[!0-9]*) return 1 ;;
  esac
  if [ -r /proc/self/stat ]; then [ "$(process_of "$holder")" = "$(cat "$stage/.holder")" ]
  else kill -0 "$holder" 2>/dev/null
  fi
}
`;
