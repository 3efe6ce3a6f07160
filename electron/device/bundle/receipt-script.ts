/** Collects what the installation says of its files, and writes the receipt beside the bundle. receipt.ts reads it. */
export const receiptFunctions = `
receipt=$beside.receipt.txt

say() {
  case $1 in
    file)
      shift
      record="\${record}file $*
"
      ;;
  esac
}

write_receipt() {
  kept=no
  if [ -d "$previous" ]; then kept=yes; fi
  body="Voke Console receipt 1
bundle $bundle
plant $plant
directory $directory
clock $(date -u +%s)
user $(id -un | tr -cd 'A-Za-z0-9_.@-') $(id -u)
previous $kept
$record"
  authenticator=$(echo "$secret
$body$secret" | hash_input)
  (echo "\${body}authenticator $authenticator" >"$receipt.part") 2>/dev/null &&
    sync &&
    mv -f "$receipt.part" "$receipt" &&
    sync && [ -s "$receipt" ] || fail no-receipt "$receipt"
}
`;
