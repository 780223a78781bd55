import { component$ } from '@builder.io/qwik';
import { QwikCityProvider, RouterOutlet } from '@builder.io/qwik-city';
import { DocumentHead } from './components/document-head';
import './styles/index.css';

export default component$(() => (
  <QwikCityProvider>
    <DocumentHead />
    <body>
      <RouterOutlet />
    </body>
  </QwikCityProvider>
));
