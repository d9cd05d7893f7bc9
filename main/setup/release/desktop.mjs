/**
 * What a desktop is told: the entry of the menu, the type of notebook files.
 *
 * @param {string} program command that opens the window; a path, if it is on no path
 */
export function desktopEntry(program) {
  return `[Desktop Entry]
Type=Application
Name=Gupbook
GenericName=Lab notebook
Comment=Lab notebook for Linux page reference counting
Exec=${program} %f
Icon=gupbook
Terminal=false
Categories=Development;Science;
MimeType=application/x-gupbook-notebook;
StartupWMClass=gupbook
`;
}

/** The type of `NAME.lab.ts`: more than the TypeScript that it also is. */
export const MIME_TYPE = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-gupbook-notebook">
    <comment>Gupbook notebook</comment>
    <sub-class-of type="text/plain"/>
    <icon name="gupbook"/>
    <glob pattern="*.lab.ts" weight="60"/>
  </mime-type>
</mime-info>
`;

/** The command line, beside the program. It needs a Node of the system's: the program's own can run nothing but it. */
export const CLI_SCRIPT = `#!/bin/sh
# gupbook: the command line of Gupbook. GUPBOOK_NODE names the Node.js to use; default: the one on the path.
set -u
here=$(dirname "$(readlink -f "$0")")/..
node=\${GUPBOOK_NODE:-node}
version=$("$node" --version 2>/dev/null) || version=none
major=\${version#v}
minor=\${major#*.}
major=\${major%%.*}
minor=\${minor%%.*}
case "$version" in
  v[0-9]*)
    if [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; }; then
      exec "$node" "$here/resources/app.asar.unpacked/out/main/cli.js" "$@"
    fi
    ;;
esac
echo "gupbook: the command line needs Node.js 20.19 or newer, and \\"$node\\" is $version:" \\
  "install the package nodejs, or set GUPBOOK_NODE to one." >&2
exit 2
`;

/** Puts an unpacked archive into the menu and onto the path of one user; no root needed. */
export const INSTALL_SCRIPT = `#!/bin/sh
# Makes Gupbook known to this user's desktop and shell: ./install.sh [--remove]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=\${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin
entry=$data/applications/gupbook.desktop
mime=$data/mime/packages/gupbook.xml
if [ "\${1:-}" = --remove ]; then
  rm -f "$entry" "$mime" "$bin/gupbook" "$bin/gupbook-window" "$data"/icons/hicolor/*/apps/gupbook.*
else
  mkdir -p "$data/applications" "$data/mime/packages" "$data/icons" "$bin"
  sed "s#^Exec=[^ ]*#Exec=\\"$here/gupbook-window\\"#" "$here/share/applications/gupbook.desktop" > "$entry"
  cp "$here/share/mime/packages/gupbook.xml" "$mime"
  cp -r "$here/share/icons/hicolor" "$data/icons/"
  ln -sf "$here/bin/gupbook" "$bin/gupbook"
  ln -sf "$here/gupbook-window" "$bin/gupbook-window"
fi
for update in "update-desktop-database $data/applications" "update-mime-database $data/mime"; do
  if command -v "\${update%% *}" > /dev/null; then $update > /dev/null 2>&1 || true; fi
done
`;
