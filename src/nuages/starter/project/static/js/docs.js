"use strict";

// Swagger has colours for the night, and wears them by this class.
const night = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", night.matches);
night.addEventListener("change", dress);
dress();
