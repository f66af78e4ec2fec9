// Follows the making of a report; the « Actualiser » link does the same by hand.

const suivi = document.querySelector("[data-rapport]");
const INTERVALLE = 2000;

async function suivre() {
  const reponse = await fetch(suivi.dataset.rapport, { headers: { Accept: "application/json" } });
  if (!reponse.ok) return;
  const { etape, avancement, fini } = await reponse.json();
  if (fini) {
    window.location.reload();
    return;
  }
  const texte = suivi.querySelector("[data-etape]");
  // Written only when it changes: a screen reader reads each new step once.
  if (texte.textContent !== etape) texte.textContent = etape;
  suivi.querySelector("progress").value = avancement;
  setTimeout(suivre, INTERVALLE);
}

if (suivi) setTimeout(suivre, INTERVALLE);
