// The code of a letter may stand behind the # of the address: that part never leaves the browser, so no server notes it.
const field = document.querySelector("[data-code]");
const found = /^#code=([\w-]{12,16})$/.exec(location.hash);
if (field && found) {
  field.value = found[1];
  history.replaceState(null, "", location.pathname + location.search);
}
