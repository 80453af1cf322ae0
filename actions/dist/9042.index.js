export const id=9042;export const ids=[9042];export const modules={49042:(e,t,a)=>{a.r(t),a.d(t,{renderPage:()=>y});var n=a(3143),s=a(73024);let o={light:{request:{fill:"#2f3742",text:"#ffffff"},capacity:{fill:"#7a6a00",text:"#ffffff"},boot:{fill:"#4a1c00",text:"#ffffff"},node:{fill:"#c2410c",text:"#ffffff"},pod:{fill:"#3b2a6e",text:"#ffffff"},image:{fill:"#c9304f",text:"#ffffff"},python:{fill:"#0b3f73",text:"#ffffff"},weights:{fill:"#0b7d83",text:"#ffffff"},engine:{fill:"#4a148c",text:"#ffffff"},server:{fill:"#2f7d32",text:"#ffffff"},token:{fill:"#000000",text:"#ffffff"},unattributed:{fill:"#767676",text:"#ffffff"}},dark:{request:{fill:"#8a94a3",text:"#000000"},capacity:{fill:"#f0d85a",text:"#000000"},boot:{fill:"#c9772f",text:"#000000"},node:{fill:"#ffc49a",text:"#000000"},pod:{fill:"#8f7fd6",text:"#000000"},image:{fill:"#ffb3dc",text:"#000000"},python:{fill:"#4a90d9",text:"#000000"},weights:{fill:"#8fe3e0",text:"#000000"},engine:{fill:"#b07be0",text:"#000000"},server:{fill:"#a5e39b",text:"#000000"},token:{fill:"#ffffff",text:"#000000"},unattributed:{fill:"#9a9a9a",text:"#000000"}}};function i(e){return Object.entries(o[e]).map(([e,{fill:t,text:a}])=>`.g-${e}{--fill:${t};--on:${a}}`).join("")}let r=[new URL(a(66770),a.b),new URL(a(33799),a.b),new URL(a(66112),a.b),new URL(a(78631),a.b),new URL(a(19600),a.b),new URL(a(92884),a.b),new URL(a(63707),a.b),new URL(a(51757),a.b)],d=[new URL(a(13215),a.b),new URL(a(13982),a.b)];var l=a(77598),c=a(38522);function f(e){return`'sha256-${(0,l.createHash)("sha256").update(e).digest("base64")}'`}let h=class Html{text;constructor(e){this.text=e}};function p(e,...t){return new h(e.map((e,a)=>e+(a<t.length?function e(t){return void 0===t?"":t instanceof h?t.text:"object"==typeof t?t.map(e).join(""):String(t).replaceAll(/[&<>"']/g,e=>`&#${e.charCodeAt(0)};`)}(t[a]):"")).join(""))}function u(e){return null===e?"–":`${e.toFixed(1)} s`}let $={faster:{sign:"▼",name:"Faster"},slower:{sign:"▲",name:"Slower"},same:{sign:"=",name:"The same"},inconclusive:{sign:"?",name:"Inconclusive"},none:{sign:"\xb7",name:"Nothing to compare with"},failed:{sign:"!",name:"Not all pods became Ready"}},m={"same job":"a baseline that was measured in turn with it","default branch":"the default branch’s runs",file:"a given report"};function b({entry:e,seconds:t}){return p`<tr>
    <th scope="row">${e.at.slice(0,16).replace("T"," ")}</th>
    <td><code>${e.sha?.slice(0,7)??"–"}</code></td>
    <td class="n">${t.toFixed(1)}</td>
  </tr>`}function g(e,{best:t,expected:a,worst:s},o,i){return p`<tr>
    <th scope="row">${e}</th>
    <td class="n">${(0,n.roundSeconds)(a)}</td>
    <td class="n">${t.toFixed(1)}–${s.toFixed(1)} s</td>
    <td class="n">${void 0===o?"not seen":(0,n.roundSeconds)(o)}</td>
    <td class="n">${void 0===o?"–":(0,n.signed)(o-a)}</td>
    <td>${i}</td>
  </tr>`}function x({id:e,name:t}){return p`<li class="g-${e}"><i></i>${t}</li>`}function y(e){for(let t=Math.min(w(e),1200);;t=Math.floor(t/2)){let a=function(e,t){var a,o;let l,y,S,{environment:k}=(0,n.runsOf)(e,"candidate")[0],[F,R]=[(l=d.map(e=>(0,s.readFileSync)(e,"utf8")).join("\n"),`${i("light")}
@media (prefers-color-scheme:dark){${i("dark")}}
${l.replaceAll(/\/\*.*?\*\/\n?/gs,"")}`),(y=r.map(e=>(0,s.readFileSync)(e,"utf8")).join("\n"),`(() => {
'use strict'
${y.replaceAll(/^\s*(\/\/.*|\/\*\*.*\*\/)\n/gm,"").replaceAll(/^\s*\/\*\*\n(\s*\*.*\n)+/gm,"")}})()
`)],j=`default-src 'none'; style-src ${f(F)}; script-src ${f(R)}; base-uri 'none'; form-action 'none'`,M=`Scale-up of ${k.deployment} from ${k.from} to ${k.to}`;return p`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${j}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${M}</title>
        ${v("style",F)}
      </head>
      <body>
        <a class="skip" href="#waterfall">Skip to the waterfall</a>
        <main>
          ${function(e,t){let a=(0,n.runsOf)(e,"candidate").some(({allReadySeconds:e})=>null===e),s=a?"failed":e.comparison?.verdict??"none",{sign:o,name:i}=$[s];return p`<header>
    <p class="eyebrow">${t} · ${e.createdAt.slice(0,16).replace("T"," ")} UTC${e.simulated?" \xb7 simulated":""}</p>
    <h1 class="verdict v-${s}">
      <span class="sign" aria-hidden="true">${o}</span> <span>${function({comparison:e,candidate:t},a,s){if(!s&&void 0===e&&null!==t.medianSeconds)return p`${"ready"===t.metric?"Ready":"First token"} after ${(0,n.roundSeconds)(t.medianSeconds)}`;if(s||void 0===e||!["faster","slower"].includes(e.verdict))return p`${a}`;let o=void 0===e.noiseSeconds?"":` \xb1 ${(0,n.roundSeconds)(e.noiseSeconds)}`;return p`${(0,n.roundSeconds)(Math.abs(e.differenceSeconds))} ${e.verdict}<span class="noise">${o}</span>`}(e,i,a)}</span>
    </h1>
    ${function({comparison:e,thresholdShare:t}){if(void 0===e)return p``;let{against:a,because:s,beyondNoise:o,differenceSeconds:i,noiseSeconds:r,noiseOf:d,aaSeconds:l}=e,c=[`Compared with ${m[a]}`,s,...void 0!==s||void 0===o?[]:[`beyond noise in ${o.count} of ${o.of} ${"runs"===d?"runs":"pods"}`],...void 0===r?[]:[`difference ${i<0?"−":"+"}${(0,n.roundSeconds)(Math.abs(i))}, noise \xb1 ${(0,n.roundSeconds)(r)} at 99 %`],...void 0===l?[]:[`the same against the same differed by ${(0,n.roundSeconds)(l)}`],`threshold ${(100*t).toFixed(0)} %`];return p`<p class="against">${c.filter(e=>void 0!==e).join(" \xb7 ")}</p>`}(e)} ${function({caveats:e,simulated:t}){let a=[...t?["The seconds are played by a simulator, not measured on AWS."]:[],...e];return 0===a.length?p``:p`<ul class="caveats">
        ${a.map(e=>p`<li>${e}</li>`)}
      </ul>`}(e)}
  </header>`}(e,M)} ${function(e){let{candidate:t,comparison:a,limit:s}=e,o="first-token"===t.metric?"first token":"Ready",i=function(e){let t=(0,n.runsOf)(e,"candidate").flatMap(({pods:e})=>e.map(({firstToken:e})=>e)).flatMap(e=>void 0!==e&&"afterScaleSeconds"in e?e.afterContainerStartSeconds??[]:[]).toSorted((e,t)=>e-t);return t[Math.floor((t.length-1)/2)]}(e),r=[{name:`Scale request to ${o}`,value:u(t.medianSeconds),note:`median of ${t.pods} ${1===t.pods?"pod":"pods"}`},{name:"Slowest pod",value:u(t.maxSeconds),note:`90th percentile ${u(t.p90Seconds)}`},...void 0===i?[]:[{name:"Container start to first token",value:u(i),note:"median"}],...void 0===a?[]:[{name:"Baseline",value:u(a.baselineSeconds),note:`mean of ${a.baselineRuns} ${1===a.baselineRuns?"run":"runs"}`}],...void 0===s?[]:[{name:"What limits",value:s.phase,note:`${u(s.seconds)}, ${(100*s.share).toFixed(0)} % of the slowest start: ${s.meaning}`}]];return p`<dl class="figures">
    ${r.map(({name:e,value:t,note:a})=>p`<div>
          <dt>${e}</dt>
          <dd><strong>${t}</strong><span>${a}</span></dd>
        </div>`)}
  </dl>`}(e)} ${function({runs:e},t){let a=e.reduce((e,{pods:t})=>e+t.length,0);return p`<section aria-labelledby="waterfall">
    <div class="bar-head">
      <h2 id="waterfall" tabindex="-1">Where the time goes</h2>
      <fieldset class="views">
        <legend class="quiet">View</legend>
        ${[["all","All pods"],["first","First pod"],["critical","Critical path"]].map(([e,t])=>p`<label
              ><input type="radio" name="view" value="${e}" ${"all"===e?p` checked`:void 0} /><span>${t}</span></label
            >`)}
      </fieldset>
    </div>
    <p class="hint" id="keys">
      ${t<a?`${t} of ${a} pods are in this page; the report has all of them. `:""}Point at a phase, or use the arrow keys:
      left and right go through the phases, up and down through the pods.
    </p>
    <ul class="legend" aria-label="Phases by colour">
      ${n.phaseGroups.map(x)}
      <li class="g-token"><i></i>first token</li>
    </ul>
    <div id="chart" aria-describedby="keys">
      <noscript><p>The waterfall needs JavaScript. The tables below do not.</p></noscript>
    </div>
    <div id="inspector" role="status" aria-live="polite"><p>No phase is selected.</p></div>
    <script type="application/json" id="names">
      ${new h(JSON.stringify(Object.fromEntries([...n.phases.map(({id:e,meaning:t})=>({id:e,meaning:t})),{id:n.unattributed,meaning:"what no signal explains"}].map(({id:e,meaning:t})=>[e,{group:(0,n.groupOf)(e),meaning:t}]))))}
    </script>
  </section>`}(e,w(t))} ${S=e.comparison?.phases??[],p`<section aria-labelledby="phases-title">
    <h2 id="phases-title">Phases</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of phases">
      ${S.length>0?(o=S,p`<table>
    <thead>
      <tr>
        <th scope="col">Phase</th>
        <th scope="col" class="n">Now</th>
        <th scope="col" class="n">Baseline</th>
        <th scope="col" class="n">Difference</th>
        <th scope="col" class="n">Noise</th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
    <tbody>
      ${o.map(e=>p`<tr${(0,n.isMarked)(e)?p` class="marked"`:void 0}><th scope="row"><code>${e.phase}</code><span>${(0,n.meaningOf)(e.phase)}</span></th><td class="n">${(0,n.roundSeconds)(e.candidateSeconds)}</td><td class="n">${(0,n.roundSeconds)(e.baselineSeconds)}</td><td class="n">${(0,n.signed)(e.differenceSeconds)}</td><td class="n">${(0,n.phaseNoise)(e)}</td><td>${(0,n.isMarked)(e)?e.verdict:"–"}</td></tr>`)}
    </tbody>
  </table>`):function(e){let t=(0,n.summarizePhases)((0,n.runsOf)(e,"candidate").flatMap(({pods:e})=>e));return p`<table>
    <thead>
      <tr>
        <th scope="col">Phase</th>
        <th scope="col" class="n">Median</th>
        <th scope="col" class="n">Longest</th>
        <th scope="col" class="n">Pods</th>
      </tr>
    </thead>
    <tbody>
      ${t.map(({phase:e,medianSeconds:t,maxSeconds:a,pods:s})=>p`<tr>
            <th scope="row"><code>${e}</code><span>${(0,n.meaningOf)(e)}</span></th>
            <td class="n">${(0,n.roundSeconds)(t)}</td>
            <td class="n">${(0,n.roundSeconds)(a)}</td>
            <td class="n">${s}</td>
          </tr>`)}
    </tbody>
  </table>`}(e)}
    </div>
  </section>`}
          ${function({prediction:e}){return void 0===e?p``:p`<section aria-labelledby="prediction-title">
    <h2 id="prediction-title">Predicted beside measured</h2>
    ${"notPredicted"in e?p`<p class="hint">Not predicted: ${e.notPredicted}.</p>`:function(e){let{pod:t,all:a,phases:s,instanceType:o,setting:i,assumed:r}=e;return p`<p class="hint">By plan-startup’s model, for ${o}: ${i}.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of predicted and measured seconds">
      <table>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" class="n">Predicted</th>
            <th scope="col" class="n">Range</th>
            <th scope="col" class="n">Measured</th>
            <th scope="col" class="n">Difference</th>
            <th scope="col">Limit or error</th>
          </tr>
        </thead>
        <tbody>
          ${g("Scale request to all Ready",a.predicted,a.measured,(0,n.errorWords)(a))}
          ${g("Pod created to Ready",t.predicted,t.measured,(0,n.errorWords)(t))}
          ${s.map(({id:e,predicted:t,measured:a,limit:n})=>g(e,t,a,n))}
        </tbody>
      </table>
    </div>
    <p class="hint">${[...(0,n.cpuWords)(e).map(e=>e.replaceAll("`","")),...r].join(" ")}</p>`}(e)}
  </section>`}(e)} ${function(e){let{history:t,candidate:a}=e,n=t.flatMap(e=>{let t="ready"===a.metric?e.readySeconds:e.firstTokenSeconds;return void 0===t?[]:[{entry:e,seconds:t}]});if(0===n.length)return p``;let s="ready"===a.metric?"Ready":"the first token";return p`<section aria-labelledby="history-title">
    <h2 id="history-title">History of the default branch</h2>
    <p class="hint">Scale request to ${s}, mean of each run; the diamond is this run.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Plot of the runs">
      ${function(e,t){let a=null===t?e:[...e,t],n=1.1*Math.max(...a),s=e=>44+660*e/Math.max(1,a.length-1),o=e=>16+(1-e/n)*120,i=a.length-1,r=`${e.length} runs from ${Math.min(...e).toFixed(0)} to ${Math.max(...e).toFixed(0)} seconds${null===t?"":`; this run ${t.toFixed(0)} seconds`}`;return p`<svg class="history" viewBox="0 0 ${720} ${160}" role="img" aria-label="${r}">
    ${[0,n/2,n].map(e=>p`<line class="grid" x1="${44}" x2="${704}" y1="${o(e).toFixed(1)}" y2="${o(e).toFixed(1)}" /><text x="${36}" y="${(o(e)+4).toFixed(1)}" text-anchor="end">${e.toFixed(0)}</text>`)}
    <polyline points="${e.map((e,t)=>`${s(t).toFixed(1)},${o(e).toFixed(1)}`).join(" ")}" />
    ${e.map((e,t)=>p`<circle cx="${s(t).toFixed(1)}" cy="${o(e).toFixed(1)}" r="3.5" />`)}
    ${null===t?void 0:p`<path class="now" d="M${s(i).toFixed(1)} ${(o(t)-7).toFixed(1)}l7 7-7 7-7-7z" />`}
  </svg>`}(n.map(({seconds:e})=>e),a.meanSeconds)}
    </div>
    <details>
      <summary>As a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Runs of the default branch">
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Commit</th>
              <th scope="col" class="n">Seconds</th>
            </tr>
          </thead>
          <tbody>
            ${n.map(b)}
          </tbody>
        </table>
      </div>
    </details>
  </section>`}(e)} ${function(e){let{names:t,columns:a}=(0,n.environmentRows)(e);return p`<section aria-labelledby="environment-title">
    <h2 id="environment-title">Environment</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of conditions">
      <table>
        <thead>
          <tr>
            <th scope="col">Condition</th>
            <th scope="col">Candidate</th>
            ${a.length>1?p`<th scope="col">Baseline</th>`:void 0}
          </tr>
        </thead>
        <tbody>
          ${t.map(e=>p`<tr>
                <th scope="row">${e}</th>
                ${a.map(t=>p`<td>${(t[e]?.words??[]).join(", ")}${t[e]?.codes.map(e=>p`<code>${e}</code> `)}</td>`)}
              </tr>`)}
        </tbody>
      </table>
    </div>
  </section>`}(e)}
          ${a=w(t)<w(e),p`<section aria-labelledby="raw-title">
    <h2 id="raw-title">Raw data</h2>
    <p class="hint">
      <a href="https://github.com/your-org/prebake/blob/HEAD/docs/report.md">Its schema</a
      >.${a?" Here it has the pods of this page alone.":""}
    </p>
    <p><button type="button" id="download">Download the JSON</button></p>
    <details id="raw">
      <summary>Show the JSON</summary>
      <pre tabindex="0" aria-label="The report’s JSON"></pre>
    </details>
  </section>`}
        </main>
        ${v("script",(0,c.gzipSync)(JSON.stringify(t),{level:9}).toString("base64"),' type="text/plain" id="data"')} ${v("script",R)}
      </body>
    </html> `.text}(e,function(e,t){let a=e.runs.reduce((e,{pods:t})=>e+t.length,0);if(t>=a)return e;let n=e.runs.map(e=>{let n=e.pods.toSorted((e,t)=>Number(e.ready)-Number(t.ready)||(e.readyAfterSeconds??0)-(t.readyAfterSeconds??0)),s=Math.min(n.length,Math.max(2,Math.round(t*n.length/a))),o=new Set(Array.from({length:s},(e,t)=>n[Math.round(t*(n.length-1)/(s-1))]));return{...e,pods:e.pods.filter(e=>o.has(e))}});return{...e,runs:n}}(e,t));if(5e5>=Buffer.byteLength(a)||t<=1)return a}}function v(e,t,a=""){return new h(`<${e}${a}>${t}</${e}>`)}function w({runs:e}){return e.reduce((e,{pods:t})=>e+t.length,0)}},78631:(e,t,a)=>{e.exports=a.p+"a52031f118a2ce84ce90.js"},66770:(e,t,a)=>{e.exports=a.p+"c6ae594003d88323798b.js"},66112:(e,t,a)=>{e.exports=a.p+"99d6d6a535bd9e091ddc.js"},92884:(e,t,a)=>{e.exports=a.p+"9fdea58af305b48602ef.js"},63707:(e,t,a)=>{e.exports=a.p+"2009a5e449a1c24f0864.js"},33799:(e,t,a)=>{e.exports=a.p+"64b9af3ed70dc1d6f62c.js"},19600:(e,t,a)=>{e.exports=a.p+"910585aa95a71d385800.js"},51757:(e,t,a)=>{e.exports=a.p+"d4192c0dfa5518e19ecf.js"},13215:(e,t,a)=>{e.exports=a.p+"495d15d17642f898462b.css"},13982:(e,t,a)=>{e.exports=a.p+"b0dc0bbb9c5a7d21982a.css"}};